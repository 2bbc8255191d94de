"""``griot channels parse`` prints what the receiver reads."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner
from whatsapp_bodies import SHOP, body, change, message, status

from griot.channels.registry import channel
from griot.cli.channels import app
from griot.core.errors import InvalidInput

ERROR = {"code": 131047, "title": "Re-engagement message"}
BODY = body(
    change(messages=[message(), message(id="wamid.2", **{"from": None, "from_user_id": "SN.1001"})]),
    change(statuses=[status(), status("failed", errors=[ERROR])]),
    change("account_update", event="X"),
)
runner = CliRunner()


def test_json_is_one_document_of_messages_statuses_and_ignored(tmp_path: Path) -> None:
    file = tmp_path / "body.json"
    file.write_text(json.dumps(BODY))
    result = runner.invoke(app, ["parse", "whatsapp", str(file), "--json"])
    assert result.exit_code == 0
    text: dict[str, Any] = {"account": SHOP, "kind": "text", "text": "ROBE1", "payload": {}}
    assert json.loads(result.stdout) == {
        "messages": [{"id": "wamid.1", "from": "221770000001", **text}, {"id": "wamid.2", "from": "SN.1001", **text}],
        "statuses": [{"id": "wamid.9", "status": "delivered"}, {"id": "wamid.9", "status": "failed", "error": ERROR}],
        "ignored": [{"what": "account_update", "why": "nothing in a conversation depends on account_update"}],
    }


def test_standard_input_is_read_and_shown_as_tables() -> None:
    document = json.dumps(body(change(messages=[message(text={"body": "[/red] ROBE1"})])))
    result = runner.invoke(app, ["parse", "whatsapp", "-"], input=document)
    assert result.exit_code == 0
    assert "1 messages" in result.stdout
    assert "ROBE1" in result.stdout


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "cannot be read"), (b"not json", "cannot be read as JSON"), (b"42", "neither an object nor a list")],
)
def test_a_file_that_is_no_body_cannot_be_run(tmp_path: Path, content: bytes | None, sentence: str) -> None:
    file = tmp_path / "body.json"
    if content is not None:
        file.write_bytes(content)
    result = runner.invoke(app, ["parse", "whatsapp", str(file), "--json"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_unknown_channel_names_the_known_ones() -> None:
    result = runner.invoke(app, ["parse", "fax", "-"], input="{}")
    assert result.exit_code == 2
    assert "known channels: instagram, messenger, whatsapp" in result.stderr
    with pytest.raises(InvalidInput, match="known channels"):
        channel("fax")
