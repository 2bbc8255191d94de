"""The one Gradio page: a screen that is filled by what ``answering`` says, with a script that asks for it."""

from collections.abc import Awaitable, Callable
from typing import Any

import gradio as gr

Answer = Callable[[dict[str, Any], gr.Request], Awaitable[dict[str, Any]]]

# Gradio adds our scripts while it builds the page: the shared one may still be on its way. Until it is there,
# ``window.griot`` is the element of that id.
_BOOT = """
const begin = () =>
  typeof window.griot.start === "function" ? window.griot.start(element, server, upload) : setTimeout(begin, 10);
begin();
"""


def screen(perform: Answer) -> gr.Blocks:
    """The page. ``perform`` gets every call from it."""

    async def call(given: dict[str, Any], request: gr.Request) -> dict[str, Any]:
        return await perform(given, request)

    blocks: gr.Blocks
    with gr.Blocks(title="Griot", fill_width=True, analytics_enabled=False) as blocks:
        gr.HTML(
            "",
            html_template='<div class="griot" aria-busy="true"></div>',
            js_on_load=_BOOT,
            server_functions=[call],
            apply_default_css=False,
            elem_id="griot",
        )
    return blocks
