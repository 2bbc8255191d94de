"""The payment page: one request, no JavaScript needed, small enough for the slowest connection."""

from griot.api.paypage.routes import router

__all__ = ["router"]
