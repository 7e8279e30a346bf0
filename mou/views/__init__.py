"""Doormen of memoranda: the desk, the signing table, one's own page, the verify page."""
