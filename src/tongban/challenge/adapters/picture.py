"""Characters to be read from a picture."""

import secrets
from io import BytesIO

from captcha.image import ColorTuple, ImageCaptcha
from django.conf import settings
from PIL import Image, ImageOps
from PIL.ImageDraw import Draw

from tongban.challenge.provider import Shown
from tongban.kernel import normalise

# Without whatever is mistaken for something else once it is bent: 0 O Q D, 1 7 I L J, 2 Z, 5 S, 6 G, 8 B, F, U V W M.
ALPHABET = "ACEHKNPRTXY349"
# Twice the size at which a page shows it, so that it stays sharp when enlarged 2× (GB/T 37668 asks for that).
WIDTH, HEIGHT = 320, 120
_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)


class _Drawing(ImageCaptcha):
    """White on black: the library uses a character's lightness as its opacity. The result is inverted."""

    character_rotate = (-22, 22)
    character_warp_dx = (0.05, 0.2)
    character_warp_dy = (0.05, 0.2)
    word_space_probability = 1.0  # never an extra gap: it may push the last character out of the picture
    word_offset_dx = 0.0  # side by side: characters that overlap read as others (NV, M)

    @staticmethod
    def create_noise_curve(image: Image.Image, color: ColorTuple) -> Image.Image:
        """Draw one wave across all characters, so that they cannot be cut apart by columns."""
        left, right = -secrets.randbelow(WIDTH // 4), WIDTH + secrets.randbelow(WIDTH // 4)
        half = secrets.choice((0, 180))  # the lower or the upper half of an ellipse
        height = HEIGHT // 3 + secrets.randbelow(HEIGHT // 3)
        top = (0 if half else -height // 2) + HEIGHT // 4 + secrets.randbelow(HEIGHT // 4)
        Draw(image).arc((left, top, right, top + height), half, half + 180, fill=color, width=3)
        return image


_drawing = _Drawing(WIDTH, HEIGHT, font_sizes=(92, 104, 112))


class PictureCheck:
    """The picture 验证码: read some letters and digits, upper or lower case."""

    media_type = "image/png"
    needs_script = False

    def secret(self) -> str:
        """Return fresh characters to be read."""
        return "".join(secrets.choice(ALPHABET) for _ in range(settings.HUMAN_CHECK_LENGTH))

    def show(self, secret: str, *, seed: str) -> Shown:
        """Draw `secret`, dark on white, a little differently each time."""
        image = _drawing.generate_image(secret, bg_color=_BLACK, fg_color=_WHITE)
        body = BytesIO()
        ImageOps.invert(image.convert("L")).save(body, format="PNG")
        return Shown(media_type=self.media_type, body=body.getvalue())

    def normalise(self, answer: str) -> str:
        """Return what was typed without spaces, full-width forms and case."""
        return normalise.identifier(answer)
