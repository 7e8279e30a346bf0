"""Doormen of the plan, the fairs, their programme and the public site."""
