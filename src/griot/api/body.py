"""The raw body of a request, which is what signatures are about."""

from starlette.requests import Request


async def read_limited(request: Request, limit: int) -> bytes | None:
    """The raw body, or none when it is larger than ``limit`` bytes, whatever Content-Length says."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        return None
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            return None
        chunks.append(chunk)
    return b"".join(chunks)
