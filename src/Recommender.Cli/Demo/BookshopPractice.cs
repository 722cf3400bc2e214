using System.Collections.Immutable;
using static Recommender.Cli.Demo.BookshopCalendar;
using static Recommender.Cli.Demo.BookshopSubgenre;

namespace Recommender.Cli.Demo;

/// <summary>Books that tell how to: cook, plant, travel, work, keep well, make things.</summary>
internal static class BookshopPractice
{
    public static readonly ImmutableArray<BookshopGenre> Genres =
    [
        new("Cookery", 7, 16.99, 34.99, Winter(2.3),
        [
            Of("Baking", """
                The {adj} {bake} Book|{bake} and {bake2}|Slow {bake}|A Baker's {season}|The {place} Bakery Book
                {number} {bake2} for {season}
                adj: Complete|Patient|Weekend|Honest|Little|Sunday
                bake: Sourdough|Rye|Brioche|Butter|Cardamom|Shortcrust|Flatbread|Honey
                bake2: Buns|Tarts|Biscuits|Pies|Cakes|Loaves
                season: Winter|Christmas|Harvest|Every Sunday|Spring
                place: Corner|Island|Railway|Mill Street|Harbour
                number: Fifty|Sixty|One Hundred|Thirty
                """),
            Of("Vegetable kitchens", """
                {veg} First|The {adj} Vegetable|A Pot of {veg}|{veg} to {veg2}|Green {meal}s|The {adj} Garden Kitchen
                {meal} Without Meat
                veg: Leeks|Lentils|Beetroot|Aubergine|Chickpeas|Squash|Fennel|Cabbage
                veg2: Zest|Table|Radish|Bowl|Artichoke
                adj: Roasted|Whole|Generous|Noble|Quick|Thrifty
                meal: Supper|Lunch|Weeknight|Feast|Midweek
                """),
            Of("Kitchens of the world", """
                {place} at My Table|The {place} Kitchen|A {meal} in {place}|Grandmother's {place}|{place}: Recipes from the {where}
                Smoke and {spice}
                place: Anatolia|Oaxaca|Kerala|Sicily|Georgia|Galicia|Hokkaido|Lebanon|the Black Sea|Bahia|Transylvania
                meal: Breakfast|Long Lunch|Midnight Supper|Street Feast
                where: Coast|Hills|Market|Railway|Courtyard
                spice: Saffron|Lime|Sumac|Chilli|Paprika|Caraway
                """),
        ]),
        new("Gardening", 4, 13.99, 28.99, Spring(3.0),
        [
            Of("Kitchen gardens", """
                The {adj} Allotment|Growing {crop}|{crop} in Small Spaces|The {month} Vegetable Patch|No-Dig {crop}|A Year of {crop}
                adj: Lazy|Weekend|Hungry|First-Time|Rooftop|Frugal
                crop: Tomatoes|Beans|Salad|Potatoes|Herbs|Berries|Garlic|Apples|Peas
                month: April|Winter|Twelve-Month|Coastal|Shady
                """),
            Of("Flowers and borders", """
                The {adj} Border|{flower}s for Every Garden|A Passion for {flower}s|The {flower} Year|Planting with {flower}s
                The {adj} Flower Garden
                adj: Dry|Wild|Late Summer|Cottage|Scented|Painterly|Forgiving
                flower: Dahlia|Tulip|Rose|Iris|Peony|Snowdrop|Sweet Pea|Hellebore|Clematis
                """),
        ]),
        new("Travel", 5, 11.99, 24.99, Summer(2.0),
        [
            Of("Walking and cycling", """
                {number} Walks in {place}|{place} on Foot|Pedalling {place}|The Slow Way to {place}|Footpaths of {place}
                {place} by Bicycle
                number: Thirty|Fifty|Twenty-Five|Forty|Sixty
                place: the Black Forest|Andalusia|Brittany|the Carpathians|Tuscany|the Ardennes|Galway|the Pyrenees|Slovenia|Crete
                place: the Tatra
                """),
            Of("Rail and sea journeys", """
                The Night Train to {place}|By Ferry to {place}|{number} Trains to {place}|Slow Boat to {place}
                All Stations to {place}|The {adj} Line
                place: Istanbul|Narvik|Lisbon|Palermo|Vladivostok|Mombasa|Trondheim|Bucharest|Tasmania
                number: Eleven|Nine|Seventeen|Twenty-Two
                adj: Last Branch|Narrow Gauge|Coastal|Forgotten|Mountain
                """),
            Of("City guides", """
                {place} for {who}|Hidden {place}|{place}, Slowly|A Weekend in {place}|{place} After Dark|Eating {place}
                place: Porto|Ghent|Bologna|Seville|Krakow|Lyon|Copenhagen|Marseille|Leipzig|Turin|Ljubljana
                who: Book Lovers|Families|Walkers|Night Owls|the Hungry|Introverts
                """),
        ]),
        new("Business", 5, 14.99, 29.99, January(1.7),
        [
            Of("Work and leadership", """
                The {adj} Leader|A Manager's Guide to {thing}|Lead Like a {who}|The {adj} Organisation|Managing {thing}
                The {number}-Minute Team
                adj: Listening|Reluctant|Calm|Remote|Invisible|Learning
                thing: Chaos|the Quiet Ones|Change|Trust|Mondays|Doubt|Good Enough
                who: Gardener|Conductor|Captain|Lighthouse|Coach
                number: Fifteen|Ten|Ninety|Forty
                """),
            Of("Start-ups and money", """
                From {start} to {end}|The {adj} Founder|Small Shop, Big {thing}|{thing} Without Investors|The {thing} Playbook
                Pricing {thing}
                start: Garage|Zero|Kitchen Table|Napkin|Market Stall
                end: Market|Payroll|Exit|Profit|Ten Thousand Customers
                adj: Bootstrapped|Sleepless|Second-Time|Frugal|Honest
                thing: Growth|Margins|Loyalty|Profit|Patience|Craft
                """),
        ]),
        new("Health", 5, 10.99, 21.99, January(2.6),
        [
            Of("Running and strength", """
                {number} Weeks to {goal}|Run {adj}|The {adj} Runner|Strong at {age}|From Sofa to {goal}|Stretch {adj}
                number: Six|Eight|Twelve|Ten|Sixteen
                goal: Ten Kilometres|Your First Marathon|a Stronger Back|the Start Line|Half Marathon
                adj: Easy|Late|Slow|Daily|Barefoot|Further|Gently
                age: Forty|Fifty|Sixty|Seventy|Any Age
                """),
            Of("Sleep and calm", """
                The {adj} {time}|Rest {adv}|{number} {breath}s|The {breath} Handbook|Sleep {adv}|A Calm {time}
                The Anxious {who}'s Companion
                adj: Unhurried|Quiet|Restful|Unplugged|Gentle
                time: Morning|Evening|Hour|Night|Weekend
                adv: Deeply|Without Guilt|Like a Child|Well|Better
                number: Ten|A Thousand|Forty|Seven
                breath: Breath|Pause|Nap|Slow Minute
                who: Traveller|Parent|Overthinker|Beginner|Student
                """),
        ]),
        new("Craft", 5, 12.99, 26.99, Autumn(1.7),
        [
            Of("Knitting and sewing", """
                {adj} {thing}|Knit {thing} in a Weekend|{thing} from Scraps|The {adj} {thing} Pattern Book|{number} {thing} to Sew
                Cables and {thing}
                adj: Nordic|Cosy|Simple|Heirloom|Patchwork|Striped|Seaside
                thing: Socks|Mittens|Quilts|Jumpers|Shawls|Cushions|Aprons|Blankets|Hats
                number: Twenty|Thirty|Twelve|Fifty
                """),
            Of("Wood, clay and paper", """
                The {adj} {craft}|{craft} for Beginners|{thing} by Hand|A {craft}'s Year|Making {thing}|The Joy of {thing}
                adj: Patient|Kitchen-Table|Weekend|Self-Taught|Complete
                craft: Potter|Woodcarver|Bookbinder|Basket Weaver|Printmaker|Whittler|Cabinet Maker
                thing: Spoons|Bowls|Stools|Notebooks|Lino Prints|Paper Stars|Boxes|Toys
                """),
        ]),
    ];
}
