"""The acts of this room: rotate keys, re-encrypt, retire a key, erase."""
