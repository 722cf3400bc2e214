namespace Grpc.Core;

/// <summary>Part of the API's signatures only: no runtime on HttpClient propagates contexts by token.</summary>
public abstract class ContextPropagationToken
{
    private protected ContextPropagationToken() { }
}

public class ContextPropagationOptions(bool propagateDeadline = true, bool propagateCancellation = true)
{
    public static readonly ContextPropagationOptions Default = new();
    public bool IsPropagateDeadline { get; } = propagateDeadline;
    public bool IsPropagateCancellation { get; } = propagateCancellation;
}
