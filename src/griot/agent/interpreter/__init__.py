"""The offline interpreter: rules and examples that decide like a model does."""
