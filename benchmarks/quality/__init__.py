"""The quality of coloured photographs, with 95 % intervals: `python -m benchmarks.quality FOLDER`.

`python -m benchmarks.quality.sheets FOLDER TARGET` writes contact sheets to look at. What a classifier makes of the
results is measured by `training.perceptual`, because it needs PyTorch; it shares the modules here, which therefore
leave scikit-image to `measure.py`.
"""
