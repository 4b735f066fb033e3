"""One module a verb: bytes in, an outcome out."""
