namespace Recommender.Expressions;

/// <summary>Comparison, membership and arithmetic.</summary>
internal static class Operators
{
    public static Code Compile(Syntax.Unary unary, Code operand) => (unary.Operator, operand.Type.Kind) switch
    {
        ("!", ValueKind.Bool) =>
            Code.Of(ValueType.Bool, operand, value => Value.Of(!value.IsTrue)) with { Compound = new Compound(Connective.Not, [operand]) },
        ("-", ValueKind.Int) => Code.Of(operand.Type, operand, value => value.Int == long.MinValue ? Value.Missing : Value.Of(-value.Int)),
        ("-", ValueKind.Double) => Code.Of(operand.Type, operand, value => Value.Of(-value.Double)),
        ("!", _) => throw new ExpressionException(unary.Offset, $"'!' turns a condition round, and this is {operand.Type}"),
        _ => throw new ExpressionException(unary.Offset, $"'-' needs a number, and this is {operand.Type}"),
    };

    public static Code Compile(Syntax.Binary binary, Code left, Code right) => binary.Operator switch
    {
        "==" or "!=" => Equality(binary, left, right),
        "<" or "<=" or ">" or ">=" => Order(binary, left, right),
        _ => Arithmetic(binary, left, right),
    };

    public static Code In(Syntax.Binary binary, Code element, Code list)
    {
        if (!list.Type.IsList)
            throw new ExpressionException(
                binary.Offset, $"'in' looks into a list, and its right side is {list.Type}; for text write a.contains(b)");
        if (!element.Type.FitsInto(list.Type)) throw new ExpressionException(binary.Offset, $"{element.Type} cannot be in {list.Type}");
        if (list.Constant is not { IsMissing: false } constant)
            return Code.Of(ValueType.Bool, element, list, (x, among) => Value.Of(among.Contains(x)));

        // NaN is equal to nothing, and a set would find it.
        var set = Enumerable.Range(0, constant.Count).Select(i => constant[i]).Where(value => value.Equals(value)).ToHashSet();
        return Code.Of(ValueType.Bool, element, value => Value.Of(set.Contains(value)));
    }

    private static Code Equality(Syntax.Binary binary, Code left, Code right)
    {
        if (!left.Type.Fits(right.Type)) throw Unlike(binary, left, right);
        bool wanted = binary.Operator == "==";
        Code code = Code.Of(ValueType.Bool, left, right, (a, b) => Value.Of(a.Equals(b) == wanted));
        return code with { Comparison = Comparison.Of(binary.Operator, left, right) };
    }

    private static Code Order(Syntax.Binary binary, Code left, Code right)
    {
        if (!left.Type.Fits(right.Type)) throw Unlike(binary, left, right);
        if (left.Type.IsList) throw new ExpressionException(binary.Offset, $"lists have no order; '{binary.Operator}' cannot compare them");
        Code code = Code.Of(ValueType.Bool, left, right, binary.Operator switch
        {
            "<" => static (a, b) => Value.Of(a.Compare(b) < 0),
            "<=" => static (a, b) => Value.Of(a.Compare(b) <= 0),
            ">" => static (a, b) => Value.Of(a.Compare(b) > 0),
            _ => static (a, b) => Value.Of(a.Compare(b) >= 0),
        });
        return code with { Comparison = Comparison.Of(binary.Operator, left, right) };
    }

    private static Code Arithmetic(Syntax.Binary binary, Code left, Code right)
    {
        if (binary.Operator == "+" && left.Type == ValueType.Text && right.Type == ValueType.Text)
            return Code.Of(ValueType.Text, left, right, static (a, b) => Value.Of(a.Text + b.Text));
        if (left.Type.Kind == ValueKind.Int && right.Type.Kind == ValueKind.Int)
            return Code.Of(ValueType.Int, left, right, (a, b) => OfIntegers(binary.Operator, a.Int, b.Int));
        if (!left.Type.IsNumber || !right.Type.IsNumber)
            throw new ExpressionException(
                binary.Offset, $"'{binary.Operator}' calculates with numbers, and this is {left.Type} and {right.Type}");
        return Code.Of(new ValueType(ValueKind.Double), left, right, binary.Operator switch
        {
            "+" => static (a, b) => Value.Of(a.Double + b.Double),
            "-" => static (a, b) => Value.Of(a.Double - b.Double),
            "*" => static (a, b) => Value.Of(a.Double * b.Double),
            "/" => static (a, b) => Value.Of(a.Double / b.Double),
            _ => throw new ExpressionException(binary.Offset, "'%' is for integers; attributes that are numbers may have fractions"),
        });
    }

    // CEL's integers have 64 bits; an overflow and a division by zero are errors, which here is to say missing.
    private static Value OfIntegers(string symbol, long a, long b)
    {
        Int128 exact;
        switch (symbol)
        {
            case "+": exact = (Int128)a + b; break;
            case "-": exact = (Int128)a - b; break;
            case "*": exact = (Int128)a * b; break;
            default:
                if (b == 0) return Value.Missing;
                exact = symbol == "/" ? (Int128)a / b : (Int128)a % b;
                break;
        }
        return exact < long.MinValue || exact > long.MaxValue ? Value.Missing : Value.Of((long)exact);
    }

    private static ExpressionException Unlike(Syntax.Binary binary, Code left, Code right) =>
        new(binary.Offset, $"'{binary.Operator}' compares {left.Type} with {right.Type}; both sides must be of one type");
}
