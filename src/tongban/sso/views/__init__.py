"""The room at the counter: pages for people, thin doors for programs."""
