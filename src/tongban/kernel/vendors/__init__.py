"""Signed calls to cloud vendors, without their SDKs: signatures, transport with one deadline, circuit breaker, errors.

Nothing here knows what is asked. What a vendor's answer means stands in the adapter that asks.
"""
