"""What every room needs to know about a request: who may call a view, where the caller is, which browser it is."""
