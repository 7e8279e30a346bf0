"""Every door of ours, tried by everybody."""
