"""What every business system needs to be entered from the platform, and nothing of any business."""
