using Recommender.Catalogue;
using Recommender.Customers;

namespace Recommender.Expressions;

/// <summary>A condition on customers in the language of README.md, whose attributes are written <c>customer.name</c>.</summary>
public sealed class CustomerPredicate
{
    private readonly Func<Item, Value> _condition;

    private CustomerPredicate(Func<Item, Value> condition) => _condition = condition;

    /// <exception cref="ExpressionException">The text is no expression, names what no customer has, or is not a condition.</exception>
    public static CustomerPredicate Compile(string text, Schema schema)
    {
        Syntax syntax = Parser.Parse(text);
        Code code = new Compiler(schema, "customer").Compile(syntax);
        return code.Type.Kind == ValueKind.Bool
            ? new CustomerPredicate(code.Run)
            : throw new ExpressionException(syntax.Offset, $"a filter is true or false for a customer, and this is {code.Type}");
    }

    // To the language both are an id with attributes.
    public bool Matches(Customer customer) => _condition(new Item(customer.Id) { Attributes = customer.Attributes }).IsTrue;
}
