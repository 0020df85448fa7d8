"""Where the tests find what they test, and data that are no part of it."""
import os
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
TOP = pathlib.Path(os.environ.get("DAICHO_TOP") or HERE.parent.parent).resolve()
BUILD = pathlib.Path(os.environ.get("DAICHO_BUILD") or TOP / "build").resolve()
DATA = pathlib.Path(os.environ["DAICHO_DATA"]) if os.environ.get("DAICHO_DATA") else None
