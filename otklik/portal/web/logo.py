"""A program's logo: seen at the door, so by anybody."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from otklik.portal.models import Branding


@require_safe
def logo(request: HttpRequest, branding_id: int) -> FileResponse:
    """The type is what was found in the file; whatever else it may hold is run by no browser."""
    branding = Branding.objects.filter(pk=branding_id).exclude(logo="").first()
    if branding is None:
        raise Http404
    try:
        file = default_storage.open(branding.logo)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type=branding.logo_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
