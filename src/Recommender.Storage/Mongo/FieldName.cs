namespace Recommender.Storage.Mongo;

/// <summary>
/// A name that somebody chose as the name of a field: as it is, but for the character 0, at which BSON would end it (%00), a $ in front, in which
/// drivers see an operator or a reference (%24), and % itself (%25).
/// </summary>
internal static class FieldName
{
    public static string Of(string name)
    {
        if (!name.StartsWith('$') && name.AsSpan().IndexOfAny('\0', '%') < 0) return name;
        string escaped = name.Replace("%", "%25", StringComparison.Ordinal).Replace("\0", "%00", StringComparison.Ordinal);
        return escaped.StartsWith('$') ? $"%24{escaped[1..]}" : escaped;
    }

    public static string Read(string field) => !field.Contains('%', StringComparison.Ordinal) ? field
        : field.Replace("%00", "\0", StringComparison.Ordinal).Replace("%24", "$", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);
}
