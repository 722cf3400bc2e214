namespace Recommender.Expressions;

/// <summary>An expression that cannot be used. The message begins with the position and says what to do.</summary>
public sealed class ExpressionException : Exception
{
    /// <param name="offset">Where in the text, counted in UTF-16 units from 0.</param>
    public ExpressionException(int offset, string problem) : base($"position {offset + 1}: {problem}")
    {
        Position = offset + 1;
        Problem = problem;
    }

    /// <summary>The column as people count it: the first character is 1.</summary>
    public int Position { get; }

    /// <summary>The message without its position.</summary>
    public string Problem { get; }
}
