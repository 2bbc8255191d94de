"""The search of a large catalogue: from a thousand products to hundreds of thousands in one shop."""
