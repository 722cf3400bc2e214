using Google.Protobuf.Reflection;

namespace Recommender.Server.Json;

/// <summary>Comments of the protos. Generated code carries none, descriptors read from a set with source information do.</summary>
internal static class Comments
{
    public static string? Of(DescriptorDeclaration? declaration) =>
        declaration?.LeadingComments is { Length: > 0 } comment && !string.IsNullOrWhiteSpace(comment)
            ? string.Join(' ', comment.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            : null;
}
