"""The room at the counter: 我的授权 for people, 授权管理 for units."""
