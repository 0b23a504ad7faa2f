"""Services, their guides, whom they are for, what they demand, and where one enters them."""
