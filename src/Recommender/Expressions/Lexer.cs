namespace Recommender.Expressions;

/// <summary>Cuts an expression into tokens, by the lexis of the CEL specification.</summary>
internal static class Lexer
{
    // Longest first, so that "<=" is not read as "<".
    private static readonly string[] _symbols =
        ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "+", "-", "*", "/", "%", "(", ")", "[", "]", ",", ".", "?", ":"];

    public static List<Token> Read(string text)
    {
        var tokens = new List<Token>();
        int at = 0;
        while (true)
        {
            at = SkipSpace(text, at);
            if (at == text.Length) break;
            tokens.Add(ReadOne(text, ref at));
        }
        tokens.Add(new Token(TokenKind.End, text.Length, ""));
        return tokens;
    }

    private static Token ReadOne(string text, ref int at)
    {
        int start = at;
        char first = text[at];
        if (first is '"' or '\'') return new Token(TokenKind.Text, start, StringLiteral.Read(text, ref at, raw: false));
        if (first is 'r' or 'R' && at + 1 < text.Length && text[at + 1] is '"' or '\'')
        {
            at++;
            return new Token(TokenKind.Text, start, StringLiteral.Read(text, ref at, raw: true));
        }
        if (char.IsAsciiDigit(first) || (first == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
            return ReadNumber(text, ref at);
        if (first == '`') return ReadQuotedName(text, ref at);
        if (IsNameStart(first))
        {
            while (at < text.Length && (IsNameStart(text[at]) || char.IsAsciiDigit(text[at]))) at++;
            return new Token(TokenKind.Name, start, text[start..at]);
        }
        foreach (string symbol in _symbols)
        {
            if (string.CompareOrdinal(text, at, symbol, 0, symbol.Length) != 0) continue;
            at += symbol.Length;
            return new Token(TokenKind.Symbol, start, symbol);
        }
        throw new ExpressionException(start, first switch
        {
            '=' => "'=' compares nothing; did you mean '=='?",
            '&' => "'&' is no operator; did you mean '&&'?",
            '|' => "'|' is no operator; did you mean '||'?",
            _ => $"the character {Shown(first)} has no meaning here",
        });
    }

    private static int SkipSpace(string text, int at)
    {
        while (at < text.Length)
        {
            if (text[at] is ' ' or '\t' or '\n' or '\f' or '\r') at++;
            else if (text[at] == '/' && at + 1 < text.Length && text[at + 1] == '/')
            {
                int end = text.IndexOf('\n', at);
                at = end < 0 ? text.Length : end + 1;
            }
            else break;
        }
        return at;
    }

    private static Token ReadNumber(string text, ref int at)
    {
        int start = at;
        if (text[at] == '0' && at + 1 < text.Length && text[at + 1] == 'x')
        {
            at += 2;
            while (at < text.Length && char.IsAsciiHexDigit(text[at])) at++;
            if (at == start + 2) throw new ExpressionException(start, "'0x' is followed by no hexadecimal digit");
            return Ended(new Token(TokenKind.Int, start, text[start..at]), text, at);
        }
        bool isDouble = false;
        SkipDigits(text, ref at);
        if (at + 1 < text.Length && text[at] == '.' && char.IsAsciiDigit(text[at + 1]))
        {
            isDouble = true;
            at++;
            SkipDigits(text, ref at);
        }
        if (at < text.Length && text[at] is 'e' or 'E')
        {
            isDouble = true;
            at++;
            if (at < text.Length && text[at] is '+' or '-') at++;
            if (at == text.Length || !char.IsAsciiDigit(text[at]))
                throw new ExpressionException(start, $"the number '{text[start..at]}' lacks its exponent");
            SkipDigits(text, ref at);
        }
        return Ended(new Token(isDouble ? TokenKind.Double : TokenKind.Int, start, text[start..at]), text, at);
    }

    private static Token Ended(Token number, string text, int at)
    {
        if (at < text.Length && IsNameStart(text[at]))
            throw new ExpressionException(
                at, $"the number '{number.Text}' runs into {Shown(text[at])}; unsigned and other suffixes are not supported");
        return number;
    }

    private static Token ReadQuotedName(string text, ref int at)
    {
        int start = at++;
        int end = text.AsSpan(at).IndexOfAny('`', '\n', '\r') + at;
        if (end < at || text[end] != '`') throw new ExpressionException(start, "the quoted name is not closed by a backquote");
        string name = text[at..end];
        if (name.Length == 0) throw new ExpressionException(start, "a quoted name is empty");
        at = end + 1;
        return new Token(TokenKind.QuotedName, start, name);
    }

    private static void SkipDigits(string text, ref int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
    }

    private static bool IsNameStart(char letter) => char.IsAsciiLetter(letter) || letter == '_';

    private static string Shown(char letter) => letter is > ' ' and <= '~' ? $"'{letter}'" : $"U+{(int)letter:X4}";
}
