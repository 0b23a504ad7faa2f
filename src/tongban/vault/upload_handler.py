"""How uploads arrive: in memory, never on disk, and no more of each than decides that it is too big."""

import io
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class BoundedUpload(FileUploadHandler):
    """Keeps one byte more of a file than is allowed, and drops the rest as it comes.

    Pictures of documents must not lie in a temporary folder unencrypted, as Django's own handlers would leave them.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Start with nothing."""
        super().new_file(*args, **kwargs)
        self._content = bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep what there is room for; no other handler sees the chunk."""
        room = settings.EVIDENCE_MAX_BYTES + 1 - len(self._content)
        self._content += raw_data[:room]
        return None

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        """Return what was kept."""
        content = bytes(self._content)
        self._content = bytearray()
        return InMemoryUploadedFile(
            io.BytesIO(content), self.field_name, self.file_name or "", self.content_type, len(content), self.charset
        )
