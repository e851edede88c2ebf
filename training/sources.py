"""How often the collections of photographs are drawn, beside 1 for all others, by how their names begin.

Without weights, the narrow collections would dominate the general ones.
"""

FIRST_SOURCES = (
    ("more_utkface", 0.35),
    ("more_lfw", 0.6),
    ("more_lsp", 0.8),
    ("houses", 0.7),
    ("grocery", 0.6),
    ("streets_ped", 0.6),
)

NARROW_SOURCES = (
    ("more_utkface", 0.3),
    ("more_lfw", 0.6),
    ("more_lsp", 0.4),
    ("more_caltech101", 0.5),
    ("houses", 0.5),
    ("grocery", 0.5),
    ("more_monkeys", 0.5),
    ("more_ants_bees", 0.5),
    ("sun_akshay", 0.5),
    ("sun_cmu", 0.5),
    ("sun_york", 0.5),
    ("sunhays80", 0.5),
    ("streets_ped", 0.4),
    ("raccoon", 0.4),
    ("kangaroo", 0.4),
    ("camvid", 0.4),
    ("more_clothing", 0.7),
    ("voc_carscats", 0.7),
    # Photographs with graded colours, or enlarged from small originals.
    ("wide_image2poem", 0.7),
    ("wide_airbnb_rooms", 0.7),
    ("wide_intel_scenes", 0.7),
    ("wide_mozgalo", 0.5),
    ("wide_monet_photos", 0.5),
    ("wide_nature5", 0.6),
    ("wide_unsplash512", 0.7),
    ("wide_stanford_cars", 0.7),
)
