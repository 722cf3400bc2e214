using System.Globalization;

namespace Recommender.Expressions;

/// <summary>
/// Reads an expression by the grammar of the CEL specification, without maps, messages, indexing and macros other than has.
/// </summary>
internal sealed class Parser
{
    /// <summary>The longest text accepted, in UTF-16 units.</summary>
    public const int LongestText = 4096;

    // Bounds the recursion here, in the compiler and in evaluation, and so the stack; CEL asks for 12 at least.
    private const int Deepest = 128;

    private readonly List<Token> _tokens;
    private int _next;
    private int _depth;

    private Parser(List<Token> tokens) => _tokens = tokens;

    /// <exception cref="ExpressionException">The text is too long, nested too deeply, or not an expression.</exception>
    public static Syntax Parse(string text)
    {
        if (text.Length > LongestText)
            throw new ExpressionException(LongestText, $"the expression has {text.Length} characters; at most {LongestText} are allowed");
        var parser = new Parser(Lexer.Read(text));
        if (parser.Here.Kind == TokenKind.End) throw new ExpressionException(0, "the expression is empty");
        Syntax whole = parser.Expression();
        return parser.Here.Kind == TokenKind.End ? whole : throw parser.Unexpected("an operator or the end");
    }

    private Token Here => _tokens[_next];

    private Syntax Expression()
    {
        int before = _depth;
        Deepen();
        Syntax condition = Or();
        if (Here.Is("?"))
        {
            int offset = Take().Position;
            Syntax then = Or();
            Expect(":");
            condition = new Syntax.Conditional(offset, condition, then, Expression());
        }
        _depth = before;
        return condition;
    }

    private Syntax Or() => Chain("||", And);

    private Syntax And() => Chain("&&", Relation);

    private Syntax Chain(string symbol, Func<Syntax> operand)
    {
        Syntax first = operand();
        if (!Here.Is(symbol)) return first;
        int offset = Here.Position;
        var operands = new List<Syntax> { first };
        while (Here.Is(symbol))
        {
            Take();
            operands.Add(operand());
        }
        return new Syntax.Logical(offset, symbol, operands);
    }

    private Syntax Relation() =>
        LeftToRight(Addition, token => token.IsName("in")
            || (token.Kind == TokenKind.Symbol && token.Text is "<" or "<=" or ">=" or ">" or "==" or "!="));

    private Syntax Addition() => LeftToRight(Multiplication, token => token.Is("+") || token.Is("-"));

    private Syntax Multiplication() => LeftToRight(Unary, token => token.Is("*") || token.Is("/") || token.Is("%"));

    private Syntax LeftToRight(Func<Syntax> operand, Predicate<Token> isOperator)
    {
        Syntax left = operand();
        int before = _depth;
        while (isOperator(Here))
        {
            Deepen(); // each step puts all before it one level further down
            Token symbol = Take();
            left = new Syntax.Binary(symbol.Position, symbol.Text, left, operand());
        }
        _depth = before;
        return left;
    }

    private Syntax Unary()
    {
        if (!Here.Is("!") && !Here.Is("-")) return Member();
        int before = _depth;
        Deepen();
        Token symbol = Take();
        // The one integer whose positive half does not fit.
        bool isLeast = symbol.Is("-") && Here is { Kind: TokenKind.Int, Text: "9223372036854775808" or "0x8000000000000000" };
        Syntax operand = isLeast
            ? new Syntax.Literal(Take().Position, Value.Of(long.MinValue))
            : new Syntax.Unary(symbol.Position, symbol.Text, Unary());
        _depth = before;
        return operand;
    }

    private Syntax Member()
    {
        Syntax member = Primary();
        int before = _depth;
        while (Here.Is("."))
        {
            Deepen();
            Take();
            if (Here.Kind is not (TokenKind.Name or TokenKind.QuotedName)) throw Unexpected("a name after '.'");
            Token name = Take();
            member = Here.Is("(") && name.Kind == TokenKind.Name
                ? new Syntax.Call(name.Position, name.Text, OnTarget: true, [member, .. Arguments()])
                : new Syntax.Select(name.Position, member, name.Text);
        }
        if (Here.Is("["))
            throw new ExpressionException(Here.Position, "indexing is not supported; ask with 'in' whether a list has an element");
        _depth = before;
        return member;
    }

    private Syntax Primary()
    {
        Token token = Here;
        switch (token.Kind)
        {
            case TokenKind.Text:
                return new Syntax.Literal(Take().Position, Value.Of(token.Text));
            case TokenKind.Int:
                return new Syntax.Literal(Take().Position, Value.Of(Integer(token)));
            case TokenKind.Double:
                return new Syntax.Literal(Take().Position, Value.Of(double.Parse(token.Text, CultureInfo.InvariantCulture)));
            case TokenKind.Name when token.Text is "true" or "false":
                return new Syntax.Literal(Take().Position, Value.Of(token.Text == "true"));
            case TokenKind.Name when token.Text == "null":
                throw new ExpressionException(token.Position, "null is not supported; has(item.x) asks whether an item has an attribute");
            case TokenKind.Name when token.Text != "in":
                Take();
                return Here.Is("(")
                    ? new Syntax.Call(token.Position, token.Text, OnTarget: false, Arguments())
                    : new Syntax.Name(token.Position, token.Text);
            case TokenKind.Symbol when token.Text == "(":
                Take();
                Syntax inner = Expression();
                Expect(")");
                return inner;
            case TokenKind.Symbol when token.Text == "[":
                Take();
                return new Syntax.List(token.Position, Elements("]"));
            default:
                throw Unexpected("a value");
        }
    }

    private List<Syntax> Arguments()
    {
        Expect("(");
        return Elements(")");
    }

    // Lists may end with a comma, arguments may not.
    private List<Syntax> Elements(string closing)
    {
        var elements = new List<Syntax>();
        while (!Here.Is(closing))
        {
            elements.Add(Expression());
            if (Here.Is(closing)) break;
            Token comma = Expect(",", closing);
            if (closing == ")" && Here.Is(closing)) throw new ExpressionException(comma.Position, "an argument is missing after ','");
        }
        Take();
        return elements;
    }

    private static long Integer(Token token)
    {
        bool hexadecimal = token.Text.StartsWith("0x", StringComparison.Ordinal);
        ReadOnlySpan<char> digits = hexadecimal ? token.Text.AsSpan(2) : token.Text;
        bool fits = ulong.TryParse(
            digits, hexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out ulong value);
        return fits && value <= long.MaxValue
            ? (long)value
            : throw new ExpressionException(
                token.Position, $"the integer {token.Text} is beyond {long.MaxValue}; write {token.Text}.0 for a large number");
    }

    private Token Take() => _tokens[_next++];

    private Token Expect(string symbol, string? or = null) =>
        Here.Is(symbol) ? Take() : throw Unexpected(or is null ? $"'{symbol}'" : $"'{symbol}' or '{or}'");

    private ExpressionException Unexpected(string expected) => new(Here.Position, $"expected {expected}, not {Here}");

    private void Deepen()
    {
        if (++_depth > Deepest) throw new ExpressionException(Here.Position, $"the expression is nested more than {Deepest} levels deep");
    }
}
