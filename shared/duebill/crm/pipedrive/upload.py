"""A form with a file in it, as Pipedrive wants uploads: multipart/form-data (RFC 7578)."""

import hashlib
from collections.abc import Mapping


def form_with_file(fields: Mapping[str, str], name: str, content: bytes) -> tuple[str, bytes]:
    """The Content-Type and the body. The boundary is made of the content, so that it stands nowhere in it."""
    boundary = f"duebill-{hashlib.sha256(content).hexdigest()}"
    parts = [_part(boundary, f'name="{field}"', value.encode()) for field, value in fields.items()]
    safe = name.replace("\\", "_").replace('"', "_").replace("\r", " ").replace("\n", " ")
    file = _part(boundary, f'name="file"; filename="{safe}"', content, b"Content-Type: application/pdf\r\n")
    return f"multipart/form-data; boundary={boundary}", b"".join((*parts, file, f"--{boundary}--\r\n".encode()))


def _part(boundary: str, disposition: str, content: bytes, header: bytes = b"") -> bytes:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n".encode()
    return head + header + b"\r\n" + content + b"\r\n"
