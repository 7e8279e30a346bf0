"""Workbooks: tables read from Excel files that nobody vouches for.

Pure Python; what the columns mean is known to the forms of each app.
"""
