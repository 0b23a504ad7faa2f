"""Personal data at rest: sealed fields, blind indexes, keyed digests, and the keys behind them."""
