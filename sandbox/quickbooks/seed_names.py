"""The names in the sample books. Some match what the sample CRM sells and to whom, some nearly, some not at all."""

# name, code, unit price, description; a code of None leaves the item without Sku.
type Row = tuple[str, str | None, str, str]

SHARED_ITEMS: tuple[Row, ...] = (
    ("Consulting", "CONS-1", "150", "Consulting by the hour"),
    ("Licence standard", "LIC-STD", "25", "Standard licence, per seat and month"),
    ("Licence professional", "LIC-PRO", "49.99", "Professional licence, per seat and month"),
    ("Gateway HW-100", "HW-100", "99.95", "Gateway, small"),
    # These two are found by name only: in the books they have no code.
    ("Training day", None, "1200", "One day of training on site"),
    ("Freight & packing", None, "35", "Freight and packing"),
)
US_ITEMS: tuple[Row, ...] = (
    *SHARED_ITEMS,
    ("Design", "DSGN", "75", "Custom design"),
    ("Gardening", None, "40", "Weekly gardening"),
    ("Installation", "INST", "50", "Installation of landscape design"),
    ("Lighting", "LGT-1", "15", "Garden lighting"),
    ("Maintenance & repair", None, "60", "Maintenance and repair"),
    ("Pest control", "PEST", "35", "Pest control services"),
    ("Pump", "P-100", "15", "Fountain pump"),
    ("Rock fountain", "RF-200", "275", "Rock fountain"),
    ("Soil", None, "10", "Two cubic feet of soil"),
    ("Sprinkler heads", "SPH", "2.5", "Sprinkler heads"),
    ("Tree removal", None, "0", "Tree removal by quotation"),
    ("Trimming", "TRIM", "35.125", "Tree and shrub trimming"),
)
UK_ITEMS: tuple[Row, ...] = (
    *SHARED_ITEMS,
    ("Audit", "AUDIT", "450", "Security audit"),
    ("Books", "BOOK-0", "12.5", "Printed handbook (zero-rated)"),
    ("Cabling", None, "2.75", "Cabling by the metre"),
    ("Domestic energy advice", "ENERGY", "60", "Advice at the reduced rate"),
    ("Hosting", "HOST-M", "19.99", "Hosting, per month"),
    ("Insurance share", None, "80", "Insurance (exempt)"),
    ("Migration", "MIGR", "1500", "Migration of data"),
    ("On-call", "ONCALL", "95", "On-call, per day"),
    ("Router", "RT-9", "129", "Router"),
    ("Setup", None, "250", "One-time setup"),
    ("Travel", None, "0.45", "Travel by the mile"),
    ("Workshop", "WS-1", "780", "Workshop, half a day"),
)

# name, e-mail, city, state
type Person = tuple[str, str | None, str, str]

US_CUSTOMERS: tuple[Person, ...] = (
    # Found by e-mail only: the CRM calls it "O'Brien & Sons".
    ("Obrien and Sons Contractors", "ap@obrien.example", "Sunnyvale", "CA"),
    ("Amy's Bird Sanctuary", "birds@example.com", "Bayshore", "CA"),
    ("Bill's Windsurf Shop", "surf@example.com", "Half Moon Bay", "CA"),
    ("Cool Cars", "cars@example.com", "Half Moon Bay", "CA"),
    ("Diego's Diner", "diego@example.com", "Austin", "TX"),
    ("Empire State Florists", "flowers@example.com", "New York", "NY"),
    ("Franklin Pools", None, "Tucson", "AZ"),
    ("Geeta Kalapatapu", "geeta@example.com", "Middlefield", "CA"),
    ("Hudson Yards Realty", "realty@example.com", "New York", "NY"),
    ("Iguana Gardens", None, "Portland", "OR"),
    ("Jeff's Jalopies", "jalopies@example.com", "Menlo Park", "CA"),
    ("Kookies by Kathy", "kookies@example.com", "Dallas", "TX"),
    ("Lone Star Lawns", "lawns@example.com", "Houston", "TX"),
    ("Mark Cho", "mark@example.com", "Portola Valley", "CA"),
    ("Nguyễn Văn An", "an@example.com", "San Jose", "CA"),
    ("O'Malley's Pub", "pub@example.com", "New York", "NY"),
    ("Paulsen Medical Supplies", "medical@example.com", "Middlefield", "CA"),
    ("Quick \\ Clean", "quick@example.com", "Austin", "TX"),
    ("Red Rock Diner", "diner@example.com", "Bayshore", "CA"),
    ("Sonnenschein Family Store", "store@example.com", "Middlefield", "CA"),
    ("Travis Waldron", "travis@example.com", "Monlo Park", "CA"),
    ("Upper 100% Fitness", "fit@example.com", "Denver", "CO"),
    ("Video Games by Dan", "games@example.com", "Half Moon Bay", "CA"),
    ("Wedding Planning by Whitney", "dream@example.com", "Half Moon Bay", "CA"),
    ("山田花子", "hanako@example.com", "Los Angeles", "CA"),
)
US_INACTIVE = ("Old Mill Bakery", "Northwind Traders Ltd")
US_SUB_CUSTOMERS = (("Cool Cars", "Show room"), ("Cool Cars", "Garage"))
US_EXEMPT = "County School District"

UK_CUSTOMERS: tuple[Person, ...] = (
    ("Northwind Traders Ltd", "accounts@northwind.example", "London", ""),
    ("O'Brien & Sons", "office@obrien-sons.example", "Belfast", ""),
    ("Aberdeen Offshore plc", "offshore@example.com", "Aberdeen", ""),
    ("Бристоль Импорт", "import@example.com", "Bristol", ""),
    ("Café Été", "cafe@example.com", "Brighton", ""),
    ("D'Arcy & D'Arcy", "darcy@example.com", "Bath", ""),
    ("Elm Tree Nursery", "elm@example.com", "Exeter", ""),
    ("Fenwick & Co", None, "Newcastle", ""),
    ("Glasgow Steel", "steel@example.com", "Glasgow", ""),
    ("Harbour Lights", "lights@example.com", "Dover", ""),
    ("Ivy House", "ivy@example.com", "Leeds", ""),
    ("Jones Plumbing", "jones@example.com", "Cardiff", ""),
    ("Kestrel Aviation", "kestrel@example.com", "Luton", ""),
    ("Lakeland Tours", None, "Kendal", ""),
    ("Marrow & Stone", "marrow@example.com", "Lincoln", ""),
    ("Norfolk Broads Hire", "hire@example.com", "Norwich", ""),
    ("Orkney Textiles", "textiles@example.com", "Kirkwall", ""),
    ("Pembroke Press", "press@example.com", "Pembroke", ""),
    ("Queensway Dental", "dental@example.com", "Birmingham", ""),
    ("Rye Bakery", "rye@example.com", "Rye", ""),
    ("Severn Logistics", "severn@example.com", "Gloucester", ""),
    ("حلويات دمشق", "sweets@example.com", "London", ""),
)
UK_FOREIGN = (("Berliner Maschinenbau GmbH", "EUR"), ("Boston Analytics Inc", "USD"), ("Lyon Textiles SARL", "EUR"))
UK_INACTIVE = ("Thames Chandlers", "Umber Ceramics")
UK_SUB_CUSTOMERS = (("Kestrel Aviation", "Hangar 4"), ("Kestrel Aviation", "Line maintenance"))
UK_VENDOR = "Vale Couriers"
UK_EXTRA = "Wye Valley Farm"
