"""Product pages: HTML in, products out, each value with where on the page it was read."""
