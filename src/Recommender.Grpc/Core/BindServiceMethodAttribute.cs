namespace Grpc.Core;

/// <summary>Names the static method that binds a service's methods; stands on generated base classes.</summary>
[AttributeUsage(AttributeTargets.Class)]
public class BindServiceMethodAttribute(Type bindType, string bindMethodName) : Attribute
{
    public Type BindType { get; } = bindType;
    public string BindMethodName { get; } = bindMethodName;
}
