"""How much of a file is looked at. What lies beyond is left out and said so, never an error."""

MAX_BYTES = 60_000_000  # of a body, also of one that was packed, after unpacking
MAX_PRODUCTS = 100_000
MAX_ROWS = 300_000
MAX_COLUMNS = 600
MAX_CELL = 200_000  # characters of a cell; longer ones are cut
MAX_DEPTH = 60  # of JSON and XML
MAX_VARIANTS = 250  # of a product
MAX_IMAGES = 40  # of a product
MAX_DOUBTS = 150  # listed one by one; the rest is counted
MAX_TITLE = 300
MAX_TEXT = 12_000  # of a description
HEAD_ROWS = 40  # rows among which the header is looked for
SAMPLE_ROWS = 400  # rows by which a column is judged
