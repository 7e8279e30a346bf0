"""Workbooks: tables read from Excel files that nobody vouches for, and tables written for Excel.

Pure Python; what the columns mean is known to `fairs.forms.sheets`.
"""
