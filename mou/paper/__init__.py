"""The memorandum as paper: frozen content, strokes, layout, seal and verdict.

Plain values and bytes only; nothing here knows a table, a request or a setting.
"""
