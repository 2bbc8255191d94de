"""Quotes: a numbered offer with lines, taxes, deposit and validity, as a PDF."""
