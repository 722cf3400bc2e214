namespace Recommender.Models;

/// <summary>A training that cannot give a model: of this data, or with this recipe. The message says what is wrong and what to do.</summary>
public sealed class TrainingException : Exception
{
    public TrainingException(string message) : base(message) { }

    public TrainingException(string message, Exception cause) : base(message, cause) { }
}
