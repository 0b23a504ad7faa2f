"""OpenID Connect Core 1.0 with the authorization code grant and PKCE, and nothing older.

Nothing in here sees Django's request: an endpoint takes a `wire.Call` and returns a `wire.Answer`, so that it can be
served with or without the middleware that pages need.
"""
