"""The pages of the room: the desk for staff, 我的办件 for the person."""
