using System.Collections.Immutable;
using Recommender.Catalogue;

namespace Recommender.Expressions;

/// <summary>Checks names and types against a schema and turns the tree into closures, in one walk.</summary>
/// <param name="root">What attributes are written after: "item" or "customer".</param>
internal sealed class Compiler(Schema schema, string root)
{
    public const string Id = "id";

    public Code Compile(Syntax syntax) => syntax switch
    {
        Syntax.Literal literal => Code.Of(new ValueType(literal.Value.Kind), literal.Value),
        Syntax.List list => List(list),
        Syntax.Name name => throw UnknownName(name),
        Syntax.Select select => Attribute(select),
        Syntax.Call { Function: "has", OnTarget: false } call => Has(call),
        Syntax.Call call => Functions.Compile(call, [.. call.Arguments.Select(Compile)]),
        Syntax.Unary unary => Operators.Compile(unary, Compile(unary.Operand)),
        Syntax.Binary { Operator: "in" } binary => Operators.In(binary, Compile(binary.Left), Compile(binary.Right)),
        Syntax.Binary binary => Operators.Compile(binary, Compile(binary.Left), Compile(binary.Right)),
        Syntax.Logical logical => Logical(logical),
        Syntax.Conditional conditional => Conditional(conditional),
        _ => throw new ArgumentOutOfRangeException(nameof(syntax), syntax, "A node the compiler does not know."),
    };

    private Code Attribute(Syntax.Select select)
    {
        string name = AttributeName(select);
        if (name == Id) return new Code(ValueType.Text, item => Value.Of(item.Id)) { Reads = [Id] };

        AttributeKind kind = Known(select, name);
        ValueType type = ValueType.Of(kind);
        // As an unset repeated field in CEL, a list that is not there is empty.
        Value absent = type.IsList ? Value.Of([]) : Value.Missing;
        return new Code(type, item =>
            item.Attributes.TryGetValue(name, out AttributeValue? value) && value.Kind == kind ? Value.Of(value) : absent)
        { Reads = [name], IsAttribute = true };
    }

    private Code Has(Syntax.Call call)
    {
        if (call.Arguments is not [Syntax.Select select])
            throw new ExpressionException(call.Offset, "has() takes one attribute, such as has(item.price)");
        string name = AttributeName(select);
        if (name == Id) return Code.Of(ValueType.Bool, Value.Of(true));

        AttributeKind kind = Known(select, name);
        return new Code(ValueType.Bool, item => Value.Of(item.Attributes.TryGetValue(name, out AttributeValue? value) && value.Kind == kind
            && value is not AttributeValue.TextList { Values.IsEmpty: true }))
        { Reads = [name] };
    }

    private string AttributeName(Syntax.Select select) => select.Target switch
    {
        Syntax.Name name when name.Text == root => select.Field,
        Syntax.Name name =>
            throw new ExpressionException(name.Offset, $"unknown name {name.Text}; attributes are written {root}.{select.Field}"),
        _ => throw new ExpressionException(select.Offset, $"only {root} has attributes; '.{select.Field}' follows something else"),
    };

    private AttributeKind Known(Syntax.Select select, string name)
    {
        if (schema.Kinds.TryGetValue(name, out AttributeKind kind)) return kind;
        string hint = NearestName.Of(name, schema.Kinds.Keys.Append(Id)) is { } nearest
            ? $"did you mean {root}.{nearest}?"
            : root == "item" ? "no item of the catalogue has it" : $"no {root} has it";
        throw new ExpressionException(select.Offset, $"unknown field {root}.{name}; {hint}");
    }

    private ExpressionException UnknownName(Syntax.Name name)
    {
        if (name.Text == root)
            return new ExpressionException(name.Offset, $"{root} alone is no value; name an attribute, such as {root}.{Id}");
        string field = NearestName.Of(name.Text, schema.Kinds.Keys.Append(Id)) ?? name.Text;
        return new ExpressionException(name.Offset, $"unknown name {name.Text}; attributes are written {root}.{field}, texts in quotes");
    }

    private Code List(Syntax.List list)
    {
        var element = new ValueType(ValueKind.Missing);
        var elements = new Code[list.Elements.Count];
        for (int i = 0; i < elements.Length; i++)
        {
            Code code = Compile(list.Elements[i]);
            int offset = list.Elements[i].Offset;
            if (code.Type.IsList) throw new ExpressionException(offset, "a list in a list is not supported");
            if (!code.Type.Fits(element))
                throw new ExpressionException(offset, $"the list holds {element} before this and {code.Type} here; a list holds one type");
            if (element.Kind != ValueKind.Double) element = code.Type;
            elements[i] = code;
        }

        var type = new ValueType(ValueKind.List, element.Kind);
        if (elements.All(code => code.Constant is { IsMissing: false }))
            return Code.Of(type, Value.Of(elements.Select(code => code.Constant!.Value).ToArray()));
        return new Code(type, item =>
        {
            var values = new Value[elements.Length];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = elements[i].Run(item);
                if (values[i].IsMissing) return Value.Missing;
            }
            return Value.Of(values);
        })
        { Reads = ImmutableHashSet.CreateRange(elements.SelectMany(element => element.Reads)) };
    }

    private Code Logical(Syntax.Logical logical) => Code.Of(
        logical.Operator == "||" ? Connective.Or : Connective.And,
        [.. logical.Operands.Select(operand => Condition(operand, $"'{logical.Operator}' joins"))]);

    private Code Conditional(Syntax.Conditional conditional)
    {
        Code asked = Condition(conditional.Condition, "'?' asks for");
        Code then = Compile(conditional.Then), otherwise = Compile(conditional.Otherwise);
        if (!then.Type.Fits(otherwise.Type))
            throw new ExpressionException(
                conditional.Offset, $"'?' chooses between {then.Type} and {otherwise.Type}; both must be of one type");
        ValueType type = then.Type.Kind == ValueKind.Double || then.Type.Element != ValueKind.Missing ? then.Type : otherwise.Type;
        Func<Item, Value> condition = asked.Run, yes = then.Run, no = otherwise.Run;
        return new Code(type, item =>
        {
            Value chosen = condition(item);
            return chosen.IsMissing ? chosen : chosen.IsTrue ? yes(item) : no(item);
        })
        {
            Reads = asked.Reads.Union(then.Reads).Union(otherwise.Reads),
            Compound = type == ValueType.Bool ? new Compound(Connective.Choice, [asked, then, otherwise]) : null,
        };
    }

    private Code Condition(Syntax syntax, string who)
    {
        Code code = Compile(syntax);
        return code.Type.Kind == ValueKind.Bool
            ? code
            : throw new ExpressionException(syntax.Offset, $"{who} conditions, and this is {code.Type}");
    }
}
