"""Small real films: three seconds of 64 x 48 pixels, H.264 in MP4."""

from __future__ import annotations

import base64
import zlib

WIDTH_PX, HEIGHT_PX, DURATION_S = 64, 48, 3.0
_PLAIN = zlib.decompress(
    base64.b64decode(
        "eNp9Uj9P21AQP9tIhEJRhgwBRcigIKoCUoICDBUSiAplgLEVAx2cPIeYvBdb9ovFnwU2xEyXDnwCUAUTYgLBF2HLmG4srblzHMWk"
        "wOndu7t3v7t7790BgF6Re47l2QJABZLIc4ZfzgunkAfQvgjb9gGAC7/K4AVpTYDBa1CAVpeUl6heexneJRXXiXSNGupbshbW1P7P"
        "hnXh/Tqv1qUtF5pZk0kPZcbknuxGUN7DKFZVBbMMVHTBet9OiW7h20NozFYZdzse32JmHPkdbbto1Bk3CaNcCKteQSXlizBp/JpZ"
        "1vZlmGtWYs8Yarhcb+uK8GSJo37nSY/FMJfUtDe+gu6bgyLKYgcxtI54nVul3bmFwmuNSAcB7ouIWlUYfAgeYWQb5bnb9/VASVJT"
        "wk3/M7G5pkB/tbl6dHo18/fpiYKTjuE50UWIUyXpdn75Z8RpT4Yd6FxYi3qUwofFz4k/lbtYrX12GPlvIxnGZjC23BMb4UFH3358"
        "fJHHkD9GjHXLdjdWowlcajBJEzAvzFASjce7jRPiGo7D4z+XsNojlai4Jo3CsmAG2aPm8RGowb/G59ZUusXvJ3ZuqvnJH4WWvEPv"
        "wMqvxMbxdDBMkz2gnCWn9N8BW3kGNW+CDQ=="
    )
)


def film(pictures: bytes) -> bytes:
    """A film of one colour, and after it the pictures in a box that no player looks into."""
    return _PLAIN + (8 + len(pictures)).to_bytes(4) + b"free" + pictures
