"""Synthetic people and units, and plain JSON that lets a person or a program finish every flow.

The room exists under the profile `demo` only: elsewhere it is not among the installed rooms, so it has no addresses.
"""
