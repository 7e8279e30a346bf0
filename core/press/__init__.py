"""The press: sets text in the bundled serif, fills pages with it, writes them as tagged PDF/A.

For papers that are made by the hundred while people wait (decision 0013). Lengths are points
(1/72 inch) and a page's origin is its top left, until the very last step writes it out.
"""
