"""Pictures of products: fetched as pages are, made small, kept, and sent instead of links to elsewhere."""
