"""What the demo does when it is set up."""
