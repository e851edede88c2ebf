"""Colour spaces: sRGB and CIE L*a*b*, and the merging of luminance and ab into a picture."""
