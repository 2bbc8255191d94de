"""Speech: sound to text and text to sound. Knows nothing of shops, channels or the database.

The packages and weights behind it are an extra (``pip install 'griot[voice]'``) and are loaded when first needed; where
they are absent, ``Unavailable`` says what to do.
"""
