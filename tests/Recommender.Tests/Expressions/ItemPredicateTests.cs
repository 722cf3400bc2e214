using System.Text;
using Recommender.Catalogue;
using Recommender.Expressions;

namespace Recommender.Tests.Expressions;

public sealed class ItemPredicateTests
{
    [Theory]
    [InlineData("item.genre == \"crime\"", true)]
    [InlineData("item.genre == \"poetry\"", false)]
    [InlineData("item.price < 20 && \"crime\" in item.tags", true)]
    [InlineData("item.price < 20.0 && \"paris\" in item.tags", false)]
    [InlineData("item.genre in [\"poetry\", \"crime\"]", true)]
    [InlineData("item.id in ['gorky-park', 'red-square']", true)]
    [InlineData("item.id.startsWith('gorky')", true)]
    [InlineData("item.signed", true)]
    [InlineData("!item.signed || item.price * 2 >= 25", true)]
    [InlineData("item.title.contains('Park') && size(item.tags) == 2", true)]
    [InlineData("item.released > timestamp('1981-02-28T23:59:59Z') && item.released < timestamp('1981-03-01T00:00:01Z')", true)]
    [InlineData("item.tags == ['crime', 'moscow']", true)]
    [InlineData("item.`genre` == 'crime'", true)]
    [InlineData("has(item.price) && has(item.id) && has(item.tags)", true)]
    [InlineData("item.genre in [item.title, 'crime']", true)]
    [InlineData("item.genre in item.tags", true)]
    public void A_filter_asks_for_what_an_item_is(string filter, bool matches) => Assert.Equal(matches, Matches(filter, Books.Gorky));

    [Theory]
    // What is missing makes every comparison undecided, also turned round, and what stays undecided does not match.
    [InlineData("item.genre == 'crime'", false)]
    [InlineData("item.genre != 'crime'", false)]
    [InlineData("!(item.genre == 'crime')", false)]
    [InlineData("!(item.genre != 'crime')", false)]
    [InlineData("item.signed", false)]
    [InlineData("!item.signed", false)]
    [InlineData("item.price < 20 || item.price >= 20", false)]
    [InlineData("item.genre in ['crime']", false)]
    [InlineData("!(item.genre in ['crime'])", false)]
    [InlineData("item.title.startsWith('')", false)]
    [InlineData("size(item.title) >= 0", false)]
    [InlineData("-item.price < 0 || 2 * item.price > 0", false)]
    // The other side of && or || may decide alone.
    [InlineData("item.price < 20 || item.id == 'bare'", true)]
    [InlineData("!(item.price < 20 && item.id != 'bare')", true)]
    [InlineData("item.price < 20 && item.id == 'bare'", false)]
    // has() asks for it.
    [InlineData("has(item.price)", false)]
    [InlineData("!has(item.genre) || item.genre != 'crime'", true)]
    [InlineData("has(item.price) ? item.price < 20 : true", true)]
    // A list that is not there is empty.
    [InlineData("'crime' in item.tags", false)]
    [InlineData("!('crime' in item.tags)", true)]
    [InlineData("size(item.tags) == 0", true)]
    [InlineData("has(item.tags)", false)]
    public void What_an_item_lacks_is_never_guessed(string filter, bool matches) => Assert.Equal(matches, Matches(filter, Books.Bare));

    [Fact]
    public void A_value_of_another_kind_than_the_catalogue_has_counts_as_missing()
    {
        Item odd = Books.Book("odd", ("price", new AttributeValue.Text("12")), ("tags", new AttributeValue.Text("crime")));
        Assert.False(Matches("item.price < 20 || item.price >= 20 || has(item.price) || has(item.tags)", odd));
        Assert.True(Matches("size(item.tags) == 0", odd));
    }

    [Fact]
    public void An_empty_list_is_no_more_than_none() =>
        Assert.False(Matches("has(item.tags)", Books.Book("untagged", ("tags", new AttributeValue.TextList([])))));

    [Theory]
    [InlineData("item.pirce < 20", "position 6: unknown field item.pirce; did you mean item.price?")]
    [InlineData("item.colour == 'red'", "position 6: unknown field item.colour; no item of the catalogue has it")]
    [InlineData("has(item.Genre)", "position 10: unknown field item.Genre; did you mean item.genre?")]
    [InlineData("price < 20", "position 1: unknown name price; attributes are written item.price, texts in quotes")]
    [InlineData("item.genre == crime", "position 15: unknown name crime; attributes are written item.crime, texts in quotes")]
    [InlineData("itm.price < 20", "position 1: unknown name itm; attributes are written item.price")]
    [InlineData("item.genre = 'crime'", "position 12: '=' compares nothing; did you mean '=='?")]
    [InlineData("item.price < '20'", "position 12: '<' compares a number with text; both sides must be of one type")]
    [InlineData("'crime' in item.genre", "position 9: 'in' looks into a list, and its right side is text; for text write a.contains(b)")]
    [InlineData("item.price in ['a']", "position 12: a number cannot be in a list of texts")]
    [InlineData("item.tags.contains('crime')", "position 11: contains looks into text, and this is a list; write element in list")]
    [InlineData("item.title.startWith('G')", "position 12: unknown function startWith; did you mean startsWith?")]
    [InlineData("item.price", "position 6: a filter is true or false for an item, and this is a number")]
    [InlineData("item.price && true", "position 6: '&&' joins conditions, and this is a number")]
    [InlineData("!item.price", "position 1: '!' turns a condition round, and this is a number")]
    [InlineData("item.tags < ['a']", "position 11: lists have no order; '<' cannot compare them")]
    [InlineData("item.tags[0] == 'a'", "position 10: indexing is not supported; ask with 'in' whether a list has an element")]
    [InlineData("[1, 'a'] == []", "position 5: the list holds a number before this and text here; a list holds one type")]
    [InlineData("item.released > timestamp('2020-01-01')",
        "position 27: '2020-01-01' is no moment by RFC 3339; write it as \"2026-11-22T04:15:00Z\"")]
    [InlineData("timestamp('0000-01-01T00:00:00Z') == item.released",
        "position 11: '0000-01-01T00:00:00Z' is no moment by RFC 3339; write it as \"2026-11-22T04:15:00Z\"")]
    [InlineData("item.genre == null", "position 15: null is not supported; has(item.x) asks whether an item has an attribute")]
    [InlineData("(item.signed", "position 13: expected ')', not the end")]
    [InlineData("item.signed item.signed", "position 13: expected an operator or the end, not 'item'")]
    [InlineData("item.genre == \"crime", "position 15: the string is not closed by \"")]
    [InlineData("'a\\q' == 'b'", "position 3: a backslash starts none of CEL's escapes; write \\\\ for the backslash itself")]
    [InlineData("'\\uD800' == 'b'", "position 2: U+D800 is not a character of Unicode")]
    [InlineData("1 == 5u", "position 7: the number '5' runs into 'u'; unsigned and other suffixes are not supported")]
    [InlineData("9223372036854775808 > 0",
        "position 1: the integer 9223372036854775808 is beyond 9223372036854775807; write 9223372036854775808.0 for a large number")]
    [InlineData("item.price % 2 == 0", "position 12: '%' is for integers; attributes that are numbers may have fractions")]
    [InlineData("item", "position 1: item alone is no value; name an attribute, such as item.id")]
    [InlineData("item.genre.length == 2", "position 12: only item has attributes; '.length' follows something else")]
    [InlineData("", "position 1: the expression is empty")]
    [InlineData("item.price < 20 && # true", "position 20: the character '#' has no meaning here")]
    public void A_mistake_is_named_with_its_place_and_what_to_do(string filter, string message)
    {
        var error = Assert.Throws<ExpressionException>(() => ItemPredicate.Compile(filter, Books.Schema));
        Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("!", "")]
    [InlineData("-", "")]
    [InlineData("1+", "")]
    [InlineData("true?true:", "")]
    [InlineData("[", "]")]
    [InlineData("size(", ")")]
    [InlineData("1==", "")]
    public void Nesting_without_end_is_refused_and_exhausts_no_stack(string opening, string closing)
    {
        int levels = Parser.LongestText / (opening.Length + closing.Length) - 2;
        var filter = new StringBuilder().Insert(0, opening, levels).Append('1').Insert(opening.Length * levels + 1, closing, levels);
        var error = Assert.Throws<ExpressionException>(() => ItemPredicate.Compile(filter.ToString(), Books.Schema));
        Assert.Contains("nested more than 128 levels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_beyond_the_limit_is_refused()
    {
        string longest = "item.id == '" + new string('x', Parser.LongestText - 13) + "'";
        Assert.False(Matches(longest, Books.Gorky));
        var error = Assert.Throws<ExpressionException>(() => Matches(longest + " ", Books.Gorky));
        Assert.Equal("position 4097: the expression has 4097 characters; at most 4096 are allowed", error.Message);
    }

    [Fact]
    public void Garbage_gives_an_expression_error_or_an_answer_and_nothing_else()
    {
        string[] pieces =
        [
            "item", ".", "price", "genre", "tags", "signed", "released", "id", "item.price", "item.genre", "item.tags", "item.signed",
            "(", ")", "[", "]", ",", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "!", "-", "+", "*", "/", "%", "?", ":", " in ",
            "has(", "size(", "timestamp(", ".contains(", ".startsWith(", "'a'", "\"crime\"", "'''", "\"", "'", "\\", "r'", "1", "0",
            "-9223372036854775808", "9223372036854775807", "0x", "0xF", "1e", "1e999", ".5", "true", "false", "null", " ", "\n", "//",
            "`", "é", "\uD83D", "\0", "'2020-01-01T00:00:00Z'", "\\u12", "1.0", "2.5",
        ];
        var random = new Random(20261122);
        int matched = 0, answered = 0;
        for (int round = 0; round < 60_000; round++)
        {
            var text = new StringBuilder();
            int length = random.Next(1, 14);
            for (int i = 0; i < length; i++)
            {
                if (random.Next(20) == 0) text.Append((char)random.Next(0, 0x3000));
                else text.Append(pieces[random.Next(pieces.Length)]);
            }
            try
            {
                ItemPredicate predicate = ItemPredicate.Compile(text.ToString(), Books.Schema);
                answered++;
                if (predicate.Matches(Books.Gorky) | predicate.Matches(Books.Bare)) matched++;
            }
            catch (ExpressionException e)
            {
                Assert.InRange(e.Position, 1, text.Length + 1);
            }
        }
        Assert.True(
            answered > 20 && matched > 5, $"only {answered} of the texts were expressions and {matched} matched: the test says little");
    }

    private static bool Matches(string filter, Item item) => ItemPredicate.Compile(filter, Books.Schema).Matches(item);
}
