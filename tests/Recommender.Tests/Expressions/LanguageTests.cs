using Recommender.Expressions;

namespace Recommender.Tests.Expressions;

/// <summary>Facts of the language itself, the same that the CEL specification's conformance cases state.</summary>
public sealed class LanguageTests
{
    [Theory]
    // numbers
    [InlineData("1 == 1 && -1 != 1 && 1.0 == 1.0e+0 && 0x1F == 31 && -0x10 == -16")]
    [InlineData(".99 <= 9.9e-1 && 1e1 > 1e+0 && !(-0.0 < 0.0) && 1.0 < 1.0000001")]
    [InlineData("1 == 1.0 && 2 < 2.5 && 3.0 in [5, 4, 3] && 3 in [1.0, 3.0]")]
    [InlineData("!(0.0 / 0.0 == 0.0 / 0.0) && 0.0 / 0.0 != 0.0 / 0.0 && !(1.0 < 0.0 / 0.0) && !(1.0 >= 0.0 / 0.0)")]
    [InlineData("15.75 / 0.0 > 1e308 && 2.0 * 8.988466e+307 > 1.7e308 && 7 / 2 == 3 && -7 / 2 == -3 && 7 / 2.0 == 3.5")]
    [InlineData("47 % 5 == 2 && 43 % -5 == 3 && -42 % -5 == -2 && -3 % 5 == -3")]
    [InlineData("3 - 3 + 3 - 3 + 3 == 3 && 4 * 4 / 4 * 4 / 4 == 4 && 2 + 3 * 4 == 14 && (2 + 3) * 4 == 20 && 10 - 4 - 3 == 3")]
    [InlineData("--19 == 19 && -(-(4.5)) == 4.5 && -9223372036854775808 < 0 && 9223372036854775807 > 0")]
    // text
    [InlineData("'' == \"\" && 'a' != 'b' && 'abc' != 'ABC' && 'ίσος' == 'ίσος' && 'Am\\u00E9lie' != 'Ame\\u0301lie'")]
    [InlineData("'Abc' < 'aBC' && 'abc' < 'abcd' && '' < 'a' && 'a' < '\\u00E1' && !('a' < 'AB') && 'α' > 'omega'")]
    [InlineData("'\\uFFFD' < '\\U0001F431'")] // by code point: in UTF-16 units it would be the other way round
    [InlineData("'he' + 'llo' == 'hello' && '' + 'Ω' + '' == 'Ω'")]
    [InlineData("'foobar'.startsWith('foo') && !'foobar'.startsWith('bar') && !''.startsWith('foo') && ''.startsWith('')")]
    [InlineData("'forté'.endsWith('té') && !'foobar'.endsWith('foo') && 'foobar'.endsWith('')")]
    [InlineData("'abababc'.contains('ababc') && !'hello'.contains('ol') && 'Straße'.contains('aß') && ''.contains('')")]
    [InlineData("size('') == 0 && size('ÿ') == 1 && size('πέντε') == 5 && size('\\U0001F431\\U0001F600') == 2 && 'four'.size() == 4")]
    // literals and escapes
    [InlineData("'''it's \"so\" \n on two lines''' == 'it\\'s \"so\" \\n on two lines'")]
    [InlineData("\"\"\"a\"b\"\"\" == 'a\"b' && r'\\n' == '\\\\n' && R\"\\\" != 'x' && size(r'\\u0041') == 6")]
    [InlineData("'\\x41\\X42\\103\\u0044\\U00000045' == 'ABCDE' && size('\\a\\b\\f\\n\\r\\t\\v\\\\\\?\\'\\\"\\`') == 12")]
    // lists
    [InlineData("'alpha' in ['alpha', 'beta',] && !('x' in ['a']) && !(7 in []) && 3 in [5, 4, 3, 2, 1] && true in [false, true]")]
    [InlineData("[] == [] && [1, 2] == [1, 2] && [1, 2] != [2, 1] && ['one'] != ['one', 'two'] && [1.0, 2.0, 3] == [1, 2, 3]")]
    [InlineData("size([]) == 0 && [1, 2, 3].size() == 3")]
    // logic
    [InlineData("true && !false && (false || true) && !!true && false != true && false < true && !(true > true)")]
    [InlineData("true || false && false")] // && binds tighter
    [InlineData("!(false && 1 / 0 > 3) && !(1 / 0 > 3 && false) && (true || 1 / 0 > 3) && (1 / 0 > 3 || true)")] // errors are absorbed
    [InlineData("(true ? 1 : 2) == 1 && (false ? 'foo' : 'bar') == 'bar' && (false ? 1 : false ? 2 : 3) == 3")]
    // timestamps
    [InlineData("timestamp('2009-02-13T23:31:30Z') == timestamp('2009-02-14T00:31:30+01:00')")]
    [InlineData("timestamp('2009-02-13T23:00:00Z') <= timestamp('2009-02-13T23:00:00.5Z')")]
    [InlineData("timestamp('1945-05-07T02:41:00Z') != timestamp('1945-05-07T02:41:01Z')")]
    // layout
    [InlineData("\t1\n==\r1 // the rest of the line\f\n&&//\ntrue")]
    [InlineData("((((((((((((((((((((((((((((((((7)))))))))))))))))))))))))))))))) == 7")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!true")]
    public void It_is_true(string expression) => Assert.True(Matches(expression));

    [Theory]
    [InlineData("1 / 0 == 0")]
    [InlineData("!(1 / 0 == 0)")]
    [InlineData("1 % 0 == 0 || false")]
    [InlineData("9223372036854775807 + 1 != 0")]
    [InlineData("-9223372036854775808 - 1 != 0")]
    [InlineData("-(-9223372036854775808) != 0")]
    [InlineData("5000000000 * 5000000000 != 0")]
    [InlineData("-9223372036854775808 / -1 != 0")]
    [InlineData("1 / 0 > 3 ? true : true")]
    public void An_error_while_calculating_matches_nothing(string expression) => Assert.False(Matches(expression));

    [Theory]
    [InlineData(" && ", "1==1", 500)]
    [InlineData(" || ", "1==0", 500)]
    [InlineData(" + ", "1", 100)]
    public void Long_chains_are_read(string joint, string term, int terms)
    {
        string chain = string.Join(joint, Enumerable.Repeat(term, terms));
        Assert.True(Matches(joint switch { " || " => $"!({chain})", " + " => $"{chain} == {terms}", _ => chain }));
    }

    private static bool Matches(string expression) => ItemPredicate.Compile(expression, Books.Schema).Matches(Books.Bare);
}
