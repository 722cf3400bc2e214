using Recommender.Expressions;

namespace Recommender.Catalogue;

/// <summary>
/// One attribute of all items by their numbers, as the number of its value among those that occur. Written under the writers' lock and read
/// without it: who reads beside a write finds the old number or the new one, and may not know the value of the new one yet.
/// </summary>
internal sealed class Column
{
    /// <summary>So many items are read between two looks at the cancellation.</summary>
    private const int Stride = 4096;

    private readonly string _attribute;
    private readonly DistinctValues _values;
    private Codes _codes; // replaced by wider ones: who reads beside that write has the old ones

    private Column(string attribute, DistinctValues values, Codes codes) => (_attribute, _values, _codes) = (attribute, values, codes);

    /// <summary>Reads the attribute of every item.</summary>
    /// <returns>Null where items differ so much in it that a column saves less than it takes.</returns>
    public static Column? Of(Shelves shelves, string attribute, CancellationToken cancellation)
    {
        var column = new Column(attribute, new DistinctValues(shelves.Listed.Count), Codes.Of(shelves.Length));
        for (int number = 0; number < shelves.Length; number++)
        {
            if (number % Stride == 0) cancellation.ThrowIfCancellationRequested();
            if (!column.TryPut(number, shelves[number]?.Attributes.Find(attribute)) || column._values.AreTooMany) return null;
        }
        return column;
    }

    /// <summary>By one writer at a time. False where there is no place for another value.</summary>
    public bool TryPut(int number, AttributeValue? value)
    {
        int code = value is null ? 0 : _values.CodeOf(value);
        if (code < 0) return false;
        // Nobody may see a number before its value.
        Volatile.WriteBarrier();
        while (!_codes.TryPut(number, code)) Volatile.Write(ref _codes, _codes.Wider());
        return true;
    }

    /// <summary>What an item has, null where it has nothing.</summary>
    public AttributeValue? this[int number]
    {
        get
        {
            int code = Volatile.Read(ref _codes)[number];
            // Its value was there before it was, and must be looked for after it.
            Volatile.ReadBarrier();
            return _values[code];
        }
    }

    /// <summary>Asks a condition that depends on this attribute alone once a value.</summary>
    public Judge JudgeOf(Code condition, CancellationToken cancellation) =>
        new ColumnJudge(Volatile.Read(ref _codes), new VerdictTable(_attribute, _values.All, cancellation).Of(condition));

    public Column Grown(int length) => new(_attribute, _values, _codes.Grown(length));

    // With values of its own: the other model's catalogue has its own writers.
    /// <param name="numbers">Each item's new number by its present one; -1 where there is none.</param>
    public Column Renumbered(int length, ReadOnlySpan<int> numbers) => new(_attribute, _values.Copy(), _codes.Renumbered(length, numbers));
}
