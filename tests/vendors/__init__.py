"""Vendors that tests run themselves: real sockets, checked signatures, documented answers, and every mood."""
